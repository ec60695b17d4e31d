export * from './code.js'
