// `cotangent/tsc` for the `plugins` of a tsconfig.json. ts-patch loads it with `require`, and what is a module by its name it would hand to
// a package of its own choice, so this is none. Node itself can require modules.
module.exports = require('../dist/plugins/transform-program.js').transformProgram
