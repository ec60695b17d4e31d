import {
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
  type Vector,
} from 'apache-arrow'

/** What a column holds; a `?` at the end allows null. */
export type ColumnType = 'text' | 'text?' | 'integer?' | 'number' | 'vector'
export type Columns = Readonly<Record<string, ColumnType>>
/** Values of a column: vectors as one matrix, row by row. */
export type ColumnValues = readonly (string | number | null)[] | Float32Array

function arrowType(type: ColumnType, dim: number): DataType {
  switch (type) {
    case 'text':
    case 'text?':
      return new Utf8()
    case 'integer?':
      return new Int32()
    case 'number':
      return new Float64()
    case 'vector':
      return new FixedSizeList(dim, new Field('item', new Float32(), true))
  }
}

export function schemaOf(columns: Columns, dim: number): Schema {
  return new Schema(
    Object.entries(columns).map(([name, type]) => new Field(name, arrowType(type, dim), type.endsWith('?'))),
  )
}

/** Columns as an Arrow table of `length` rows. */
export function toTable(
  columns: Columns,
  dim: number,
  length: number,
  values: Readonly<Record<string, ColumnValues>>,
): Table {
  const schema = schemaOf(columns, dim)
  const children = schema.fields.map((field): Data => {
    const column = values[field.name]
    if (!(column instanceof Float32Array)) return vectorFromArray(column, field.type as Utf8).data[0]
    const child = makeData({ type: new Float32(), data: column })
    return makeData({ type: field.type as FixedSizeList<Float32>, length, nullCount: 0, child })
  })
  const data = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children })
  return new Table(new RecordBatch(schema, data))
}

/** The rows of a column of vectors, each a copy of its own. */
export function vectorsOf(table: Table, column: string): Float32Array[] {
  const rows: Float32Array[] = []
  const vector = table.getChild(column) as Vector<FixedSizeList<Float32>> | null
  for (const data of vector?.data ?? []) {
    const dim = data.type.listSize
    const values = data.children[0].values as Float32Array
    for (let row = 0; row < data.length; row++) {
      const start = (data.offset + row) * dim
      rows.push(values.slice(start, start + dim))
    }
  }
  return rows
}

/** A column of texts or numbers. A result without rows comes without columns, too. */
export function valuesOf<T>(table: Table, column: string): T[] {
  return [...((table.getChild(column) ?? []) as unknown as Iterable<T>)]
}
