export * from './code.js'
export { openKernel, type Kernel, type Routine } from './module.js'
