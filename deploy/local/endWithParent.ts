// Loaded into each subgraph and the gateway by the local start-up (`node --import`): when the
// process that started them is gone, their IPC channel closes and they stop as at SIGTERM.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
