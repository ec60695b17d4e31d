import { FORMATS, KNOWLEDGE_FORMATS, LISTENING_FORMATS } from '../../data/node.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import type { DataFormatsOutput } from '../json.js'
import { jsonText } from '../printable.js'
import { styles } from '../style.js'
import { wrap } from '../table.js'

const INDENT = '  '
const WIDTH = 100

/** `antiphon data formats` */
export function dataFormats(options: GlobalOptions, context: Context): number {
  const formats: DataFormatsOutput['formats'] = FORMATS.map(({ id, name, source, licence, layout }) => ({
    id,
    name,
    source,
    licence,
    layout,
  }))
  const { dim } = styles(context.stdout)
  const width = Math.min(WIDTH, context.stdout.interactive ? context.stdout.columns : WIDTH) - INDENT.length
  const text = formats.map(({ id, name, source, licence, layout }) =>
    [
      `${id}  ${dim(name)}`,
      ...[layout, `From: ${source}`, `Licence: ${licence}`]
        .flatMap((line) => wrap(line, width))
        .map((line) => INDENT + line),
      '',
    ].join('\n'),
  )
  const others = `Listening counts (${LISTENING_FORMATS.join(', ')}) and knowledge graphs (${KNOWLEDGE_FORMATS.join(', ')}): docs/listening-and-graphs.md`
  context.stdout.write(options.json ? `${jsonText({ formats })}\n` : `${text.join('\n')}\n${others}\n`)
  return EXIT.done
}
