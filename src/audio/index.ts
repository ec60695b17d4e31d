export {
  changeSamples,
  isFileChange,
  type AudioChange,
  type FileChange,
  type SampleChange,
} from './change.js'
export { chunks } from './chunks.js'
export { excerpt } from './excerpt.js'
export { AudioFileError } from './errors.js'
export { audioExtensions } from './extensions.js'
export type { AudioSpec, Chunk } from './spec.js'
export type { AudioProbe, AudioTags } from './track.js'
