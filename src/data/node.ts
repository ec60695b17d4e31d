import type { DemoLibraryOptions, DemoSummary } from './node/demo-library.js'

export type { DemoLibraryOptions, DemoProgress, DemoSummary } from './node/demo-library.js'
export { readFolder, type FolderOptions } from './node/folder.js'

/** Makes the demo library: see `node/demo-library.ts`. Its synthesizer is loaded when it is asked for; readers don't need it. */
export async function makeDemoLibrary(options: DemoLibraryOptions): Promise<DemoSummary> {
  const { makeDemoLibrary: make } = await import('./node/demo-library.js')
  return make(options)
}
