#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Outside of a checkout the compiled output is all there is, and it is not rebuilt.
const isCheckout = existsSync(new URL('../tsconfig.json', import.meta.url));
const isBuilt = existsSync(new URL('../dist/starter/main.js', import.meta.url));
if (isCheckout || !isBuilt) {
  const { setUp } = await import('../scripts/set-up.mjs');
  await setUp({ quiet: true });
}

await import('../dist/starter/main.js');
