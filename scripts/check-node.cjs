// Says in one line which Node is needed when the present one is too old; never tries to install one.
// CommonJS and old syntax on purpose: it has to run on the Node that is too old.
'use strict';

var parts = process.versions.node.split('.').map(Number);
var enough = parts[0] > 22 || (parts[0] === 22 && parts[1] >= 19);

if (!enough) {
  console.error(
    'Lockstep needs Node 22.19 or newer; this is Node ' +
      process.versions.node +
      '.\n' +
      'On Linux x64, "npm ci" brings a fitting Node into node_modules (unless optional dependencies are left out).\n' +
      'Elsewhere install Node 24 from https://nodejs.org and try again.',
  );
  process.exitCode = 1;
}
