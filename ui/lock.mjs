// Makes package-lock.json anew, after a version in package.json was changed: `npm run lock`.
//
// Dash's packages carry finished bundles, yet they also name some 500 packages that those bundles
// were once made from. None of them is needed to serve a bundle, so they are struck out of the
// lock: `npm ci` then fetches what package.json names and nothing else. The addresses that npm
// notes go as well, so that any registry or mirror will do; the checksums stay.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

function lockEverything() {
  const folder = mkdtempSync(join(tmpdir(), 'vizyd-lock-'));
  const options = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund',
    '--loglevel=error'];

  try {
    cpSync(join(here, 'package.json'), join(folder, 'package.json'));
    execFileSync('npm', ['install', ...options], { cwd: folder, stdio: 'inherit' });
    return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keepWhatIsNamed(lock) {
  const root = lock.packages[''];
  const kept = { '': root };

  for (const name of Object.keys({ ...root.dependencies, ...root.devDependencies })) {
    const entry = { ...lock.packages[`node_modules/${name}`] };

    delete entry.dependencies;
    delete entry.peerDependencies;
    kept[`node_modules/${name}`] = entry;
    // A program for each kind of machine: npm takes the one that fits.
    for (const variant of Object.keys(entry.optionalDependencies ?? {}))
      kept[`node_modules/${variant}`] = { ...lock.packages[`node_modules/${variant}`] };
  }
  for (const entry of Object.values(kept))
    delete entry.resolved;

  return {
    ...lock,
    packages: Object.fromEntries(Object.keys(kept).sort().map((key) => [key, kept[key]])),
  };
}

const lock = keepWhatIsNamed(lockEverything());
writeFileSync(join(here, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${Object.keys(lock.packages).length - 1} packages`);
