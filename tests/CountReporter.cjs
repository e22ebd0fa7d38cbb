// The last line of `npm test`: how many tests passed and failed, for people and for scripts.
class CountReporter {
  onRunComplete(_contexts, results) {
    const brokenFiles = results.numRuntimeErrorTestSuites;
    this.line = `${results.numPassedTests} passed, ${results.numFailedTests + brokenFiles} failed`;
    if (results.numPendingTests > 0) this.line += `, ${results.numPendingTests} skipped`;
    // Jest prints its own summary in the same phase; the line comes when the process ends.
    process.once('exit', () => process.stdout.write(`${this.line}\n`));
  }
}

module.exports = CountReporter;
