export { readTables, tablesDir } from './node/tables.js'
