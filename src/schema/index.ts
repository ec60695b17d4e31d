export { checked, type CheckOptions } from './checked.js'
export { parseYaml, type Parsed } from './yaml.js'
