import type { Attribute, ElementType, Tensor } from './graph.js'
import { Message } from './protobuf.js'

// Field numbers are those of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

const DATA_TYPES: Record<ElementType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
}

/** Attributes that ONNX declares as floats; other numbers are integers. */
const FLOAT_ATTRIBUTES = new Set(['epsilon', 'alpha', 'beta'])

export function tensorHeader(dtype: ElementType, shape: readonly number[], name: string): Message {
  const proto = new Message()
  for (const dimension of shape) proto.integer(1, dimension)
  return proto.integer(2, DATA_TYPES[dtype]).text(8, name)
}

export function attributeProto(name: string, value: Attribute): Message {
  const proto = new Message().text(1, name)
  if (name === 'to') return proto.integer(3, DATA_TYPES[value as ElementType]).integer(20, 2)
  if (typeof value === 'string') return proto.text(4, value).integer(20, 3)
  if (typeof value !== 'number') {
    for (const item of value) proto.integer(8, item as number)
    return proto.integer(20, 7)
  }
  return FLOAT_ATTRIBUTES.has(name)
    ? proto.float(2, value).integer(20, 1)
    : proto.integer(3, value).integer(20, 2)
}

export function valueInfo(name: string, { shape, dtype }: Tensor): Message {
  const dimensions = new Message()
  for (const dimension of shape)
    dimensions.message(
      1,
      typeof dimension === 'number' ? new Message().integer(1, dimension) : new Message().text(2, dimension),
    )
  const type = new Message().integer(1, DATA_TYPES[dtype]).message(2, dimensions)
  return new Message().text(1, name).message(2, new Message().message(1, type))
}
