'use strict';
// Runs before every npm script (prestart, pretest, ...) so that a fresh clone needs one command only.
// Plain CommonJS for old Node versions: it is the one file that runs before Node 24 is installed.
var fs = require('fs');
var path = require('path');
var spawnSync = require('child_process').spawnSync;

var root = path.join(__dirname, '..');
var lock = path.join(root, 'package-lock.json');
var installed = path.join(root, 'node_modules', '.package-lock.json');

function mtimeMs(file) {
  try {
    return fs.statSync(file).mtime.getTime();
  } catch (error) {
    return -1;
  }
}

function install() {
  console.log('bindery: installing dependencies (first run, or package-lock.json changed) ...');
  var npm = process.env.npm_execpath;
  var result = npm
    ? spawnSync(process.execPath, [npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: root,
        stdio: 'inherit',
      })
    : spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error('bindery: npm ci failed; see the lines above. Is the package registry reachable?');
    process.exit(1);
  }
  // npm keeps the lock copy's time when nothing changed; touch it so that the next start is quick.
  var now = new Date();
  try {
    fs.utimesSync(installed, now, now);
  } catch (error) {
    /* an npm without the hidden lock file reinstalls next time; that is slow, not wrong */
  }
}

if (mtimeMs(installed) < mtimeMs(lock)) install();

// The bundled Node 24 (optionalDependencies node-linux-*) exists on Linux only; elsewhere the machine's Node serves.
var bundled = path.join(root, 'node_modules', '.bin', 'node');
var version = process.versions.node;
if (fs.existsSync(bundled)) {
  var asked = spawnSync(bundled, ['--version'], { encoding: 'utf8' });
  if (asked.status === 0) version = asked.stdout.trim().replace(/^v/, '');
}
var parts = version.split('.').map(Number);
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 14)) {
  console.error(
    'bindery: needs Node 22.14 or newer, and this is ' +
      version +
      '. Install Node 24 (nodejs.org) and run the command again.',
  );
  process.exit(1);
}
