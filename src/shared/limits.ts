/** Limits that hold here, each with its value in words */
export interface LimitsSlice {
  readonly limits: readonly { readonly name: string; readonly value: string; readonly detail: string }[];
}
