export const testDatabaseUrl = async () => process.env['CPG'] ?? '';
