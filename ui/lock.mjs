// Makes package-lock.json anew, after a version in package.json was changed: `npm run lock`.
//
// Dash's packages carry finished bundles, yet they also name some 500 packages that those bundles
// were once made from. None of them is needed to serve a bundle, so they are struck out of the
// lock: `npm ci` then fetches what package.json names, what the tools among that need, and nothing
// else. The addresses that npm notes go as well, so that any registry or mirror will do; the checksums
// stay.

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

function keepWhatIsNeeded(lock) {
  const root = lock.packages[''];
  const kept = { '': root };
  const keep = (name, bare) => {
    const entry = { ...lock.packages[`node_modules/${name}`] };

    if (bare) {
      delete entry.dependencies;
      delete entry.peerDependencies;
    }
    kept[`node_modules/${name}`] = entry;
    // What a tool needs; of its programs for each kind of machine npm takes the one that fits.
    for (const other of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }))
      keep(other, false);
  };

  Object.keys(root.dependencies).forEach((name) => keep(name, true));
  Object.keys(root.devDependencies).forEach((name) => keep(name, false));
  for (const entry of Object.values(kept)) {
    delete entry.resolved;
    delete entry.funding;
  }

  return {
    ...lock,
    packages: Object.fromEntries(Object.keys(kept).sort().map((key) => [key, kept[key]])),
  };
}

const lock = keepWhatIsNeeded(lockEverything());
writeFileSync(join(here, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${Object.keys(lock.packages).length - 1} packages`);
