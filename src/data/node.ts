export { toMidi } from './midi.js'
export {
  makeDemoLibrary,
  type DemoLibraryOptions,
  type DemoProgress,
  type DemoSummary,
} from './node/demo-library.js'
export { encodeFlac, type Comments } from './node/flac.js'
export { loudness } from './node/loudness.js'
export { loadSoundBank, synthesise, type Stereo } from './node/synthesizer.js'
