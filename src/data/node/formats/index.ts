import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { reasonOf } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import { folder } from '../folder.js'
import type { Format } from '../format.js'
import { fileTags } from './file-tags.js'
import { fma } from './fma.js'
import { gtzan } from './gtzan.js'
import { lpMusicCaps } from './lp-musiccaps.js'
import { magnaTagATune } from './magnatagatune.js'
import { msdEcals } from './msd-ecals.js'
import { mtgJamendo } from './mtg-jamendo.js'
import { musicCaps } from './musiccaps.js'
import { songDescriber } from './song-describer.js'
import { table } from './table.js'
import { webDataset } from './webdataset.js'

/** The formats that are read; what two of them recognise is the one that comes first. */
export const FORMATS: readonly Format[] = [
  musicCaps,
  songDescriber,
  mtgJamendo,
  magnaTagATune,
  gtzan,
  fma,
  msdEcals,
  lpMusicCaps,
  webDataset,
  table,
  folder,
  fileTags,
]

/** @throws AntiphonError `usage` naming the formats that there are */
export function findFormat(id: string): Format {
  const found = FORMATS.find((format) => format.id === id)
  if (found) return found
  const known = FORMATS.map((format) => format.id).join(', ')
  throw new AntiphonError('usage', `Unknown format "${id}" (expected ${known})`)
}

/**
 * The format of a file or folder, by names and first lines.
 * @throws AntiphonError `usage` where it is not there, or none fits
 */
export async function detectFormat(path: string): Promise<Format> {
  const place = resolve(path)
  if (!place.includes('{'))
    await stat(place).catch((cause: unknown) => {
      throw new AntiphonError('usage', `Cannot read ${path}: ${reasonOf(cause)}`, { cause })
    })
  for (const format of FORMATS) if (await format.recognises(place)) return format
  const known = FORMATS.map((format) => format.id).join(', ')
  const found = (await stat(place)).isDirectory() ? `There is no audio in ${path}, and it` : path
  throw new AntiphonError(
    'usage',
    `${found} is none of the formats that are read (${known}); "antiphon data formats" says what files each expects`,
  )
}
