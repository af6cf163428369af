#!/usr/bin/env node
// In the repository, and not only in the build: npm links no program that is missing when it installs.
require('../dist/cli/bin.js');
