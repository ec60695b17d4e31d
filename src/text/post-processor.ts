import { AntiphonError } from '../errors/index.js'

/** The special tokens around a text. */
export interface Frame {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

type NamedId = readonly [token: string, id: number]
type TemplatePiece = { readonly SpecialToken: { readonly id: string } } | { readonly Sequence: unknown }

/** `post_processor` of `tokenizer.json`. */
export type PostProcessorFile =
  | { readonly type: 'ByteLevel' }
  | { readonly type: 'RobertaProcessing' | 'BertProcessing'; readonly cls: NamedId; readonly sep: NamedId }
  | {
      readonly type: 'TemplateProcessing'
      readonly single: readonly TemplatePiece[]
      readonly special_tokens: Readonly<Record<string, { readonly ids: readonly number[] }>>
    }
  | { readonly type: 'Sequence'; readonly processors: readonly PostProcessorFile[] }

/** @throws AntiphonError `model` for a kind that is not known. */
export function createFrame(file: PostProcessorFile | null | undefined): Frame {
  if (!file) return { before: [], after: [] }
  switch (file.type) {
    case 'ByteLevel': // says where tokens lie in the text, nothing about ids
      return { before: [], after: [] }
    case 'RobertaProcessing':
    case 'BertProcessing':
      return { before: [file.cls[1]], after: [file.sep[1]] }
    case 'TemplateProcessing': {
      const text = file.single.findIndex((piece) => 'Sequence' in piece)
      const ids = (pieces: readonly TemplatePiece[]): number[] =>
        pieces.flatMap((piece) =>
          'SpecialToken' in piece ? file.special_tokens[piece.SpecialToken.id].ids : [],
        )
      return { before: ids(file.single.slice(0, text)), after: ids(file.single.slice(text + 1)) }
    }
    case 'Sequence':
      return file.processors.map(createFrame).reduce((inner, outer) => ({
        before: [...outer.before, ...inner.before],
        after: [...inner.after, ...outer.after],
      }))
    default:
      throw new AntiphonError(
        'model',
        `Unknown post-processor ${JSON.stringify((file as { type?: unknown }).type)} in tokenizer.json (expected ` +
          'TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel or Sequence)',
      )
  }
}
