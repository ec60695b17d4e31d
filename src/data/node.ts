import type { DemoLibraryOptions, DemoSummary } from './node/demo-library.js'
import type { MakeWorldOptions, WorldSummary } from './node/world/make.js'

export type { DemoLibraryOptions, DemoProgress, DemoSummary } from './node/demo-library.js'
export { readFolder, type FolderOptions } from './node/folder.js'
export type { Format, FormatOptions } from './node/format.js'
export { detectFormat, findFormat, FORMATS } from './node/formats/index.js'
export * from './node/knowledge/index.js'
export * from './node/listening/index.js'
export {
  findSources,
  hasAudio,
  openSources,
  readSource,
  type KnownSource,
  type OpenSourcesOptions,
  type SourceOptions,
} from './node/sources.js'

/** Makes the demo library: see `node/demo-library.ts`. Its synthesizer is loaded when it is asked for; readers don't need it. */
export async function makeDemoLibrary(options: DemoLibraryOptions): Promise<DemoSummary> {
  const { makeDemoLibrary: make } = await import('./node/demo-library.js')
  return make(options)
}

export { readWorldArtists, readWorldTracks } from './node/world/files.js'
export type { MakeWorldOptions, WorldProgress, WorldSummary } from './node/world/make.js'

/** Makes a world of music: see `node/world/make.ts`. Loaded when it is asked for, and where its packages are installed. */
export async function makeWorld(options: MakeWorldOptions): Promise<WorldSummary> {
  const { requirePackages } = await import('./node/world/banks.js')
  requirePackages()
  const { makeWorld: make } = await import('./node/world/make.js')
  return make(options)
}
