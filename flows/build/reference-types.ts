declare const held: unique symbol;

/** Stands for a value of the run while a flow is built. The type is all that is known of it. */
export interface Held<out T> {
  readonly [held]: T;
}

/** A reference that can be taken apart: `s.download.images[0].key`. */
export type Ref<T> = Held<T> & Parts<T>;

// In brackets, so that a union stays one reference instead of becoming a union of references. A part
// of what may be absent may be absent.
type Parts<T> = [Exclude<T, undefined>] extends [readonly (infer Item)[]]
  ? ItemParts<Item | Extract<T, undefined>>
  : [Exclude<T, undefined>] extends [object]
    ? {
        readonly [Key in keyof Exclude<T, undefined>]-?: Ref<
          Exclude<T, undefined>[Key] | Extract<T, undefined>
        >;
      }
    : unknown;

/** The first places are named one by one: what an index signature gives may be `undefined`. */
type ItemParts<Item> = { readonly [index: number]: Ref<Item> } & {
  readonly [Place in 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9]: Ref<Item>;
};

/** What may stand where a `T` is read: a literal, a reference, or an object or list of them. */
export type Bindable<T> = T | Held<T> | BindableParts<T>;

type BindableParts<T> = T extends readonly (infer Item)[]
  ? readonly Bindable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Bindable<T[Key]> }
    : never;

/** The value that a binding will have: the way back from `Bindable`. */
export type Unbound<B> =
  B extends Held<infer T>
    ? T
    : B extends readonly (infer Item)[]
      ? Unbound<Item>[]
      : B extends object
        ? { [Key in keyof B]: Unbound<B[Key]> }
        : B;
