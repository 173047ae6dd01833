import { runSkyloom } from './run-skyloom.mjs';

runSkyloom(['start', ...process.argv.slice(2)]);
