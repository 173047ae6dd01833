#!/usr/bin/env node
import { runSkyloom } from '../scripts/run-skyloom.mjs';

runSkyloom(process.argv.slice(2));
