/** How one parameter takes one step, in place. */
export interface UpdateRule {
  /** What it remembers of each parameter, an array of the parameter's length each. Names are PyTorch's. */
  readonly slots: readonly string[]
  update(
    parameter: Float32Array,
    gradient: Float32Array,
    slots: readonly Float32Array[],
    numbers: { step: number; learningRate: number; weightDecay: number },
  ): void
}
