// The command line as a function, for whoever brings a context of their own (tests do).
export type { Context, Output } from './context.js'
export { run } from './run.js'
export { runProcess, systemContext } from './process.js'
export * as schemas from './json.js'
