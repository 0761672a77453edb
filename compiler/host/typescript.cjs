// The one place where TypeScript is loaded. Node looks for the named exports of a CommonJS module that is imported, or that another one is
// said to be, by reading its whole text: for TypeScript, 9 MB of it, that takes longer than everything else that loading does. Handed
// on through a variable, nobody looks.
const typescript = require('typescript')

module.exports = typescript
