/** The tests run as compiled, so that what is tested is what ships. */
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.js'],
  transform: {},
  testTimeout: 30_000,
  // Two cores: tests that start whole stacks would starve each other.
  maxWorkers: 1,
};
