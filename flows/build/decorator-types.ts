import type { Collection } from '../../contracts/flow-results.ts';
import type { FlowClass } from './flow-class.ts';

/**
 * A decorator can't change a type, but it can demand one. These types work out what the paths of its
 * options lead to, so that it demands a method which takes just that.
 */

/** Where a path leads that leads nowhere; the words appear in the compiler's message. */
export interface NoSuch<Path extends string> {
  readonly problem: `no such step or field: ${Path}`;
}

/** Options of `@task` that name other steps. */
export interface NamingOptions {
  readonly from?: Readonly<Record<string, string>>;
  readonly each?: string;
  readonly collect?: Readonly<Record<string, string>>;
  readonly after?: readonly string[];
}

/** What the input of the decorated method is made of. */
export type Provided<This, O extends NamingOptions> = FromFields<This, O> &
  CollectFields<This, O> &
  EachFields<This, O>;

type FromFields<This, O> = O extends { readonly from: infer From }
  ? { [Field in keyof From]: From[Field] extends string ? PathType<This, From[Field], O> : never }
  : unknown;

type CollectFields<This, O> = O extends { readonly collect: infer Collect }
  ? {
      [Field in keyof Collect]: Collect[Field] extends string
        ? Collection<ResultOf<This, Collect[Field]>>
        : never;
    }
  : unknown;

type EachFields<This, O> = O extends { readonly each: infer Each extends string }
  ? O extends { readonly from: unknown }
    ? unknown
    : { item: ItemOf<PathType<This, Each, O>> }
  : unknown;

/** `unknown` when every name is known, otherwise what the context of no decorator can be. */
export type Known<This, O extends NamingOptions> = Unknown<NamedBy<This, O>>;

type Unknown<Found> = [Extract<Found, NoSuch<string>>] extends [never]
  ? unknown
  : Extract<Found, NoSuch<string>>;

type NamedBy<This, O> =
  | (O extends { readonly from: infer From } ? PathType<This, From[keyof From] & string, O> : never)
  | (O extends { readonly each: infer Each extends string } ? PathType<This, Each, O> : never)
  | (O extends { readonly collect: infer Collect }
      ? ResultOf<This, Collect[keyof Collect] & string>
      : never)
  | (O extends { readonly after: readonly (infer Id extends string)[] }
      ? ResultOf<This, Id>
      : never);

/** The type at the end of a path; distributes over a union of paths. */
export type PathType<This, Path extends string, O> = Path extends `${infer Root}.${infer Rest}`
  ? Within<RootType<This, Root, O>, Rest, Path>
  : RootType<This, Path, O>;

type RootType<This, Root extends string, O> = Root extends 'input'
  ? InputOf<This>
  : Root extends 'item'
    ? O extends { readonly each: infer Each extends string }
      ? ItemOf<PathType<This, Each, unknown>>
      : NoSuch<Root>
    : Root extends `${infer Id}[]`
      ? ResultsOf<ResultOf<This, Id>>
      : ResultOf<This, Root>;

type ResultsOf<Result> = Result extends NoSuch<string> ? Result : Result[];

type ResultOf<This, Id extends string> = Id extends keyof This
  ? This[Id] extends (...input: never[]) => infer Result
    ? Awaited<Result>
    : NoSuch<Id>
  : NoSuch<Id>;

type InputOf<This> = This extends FlowClass<infer Input> ? Input : never;

type Within<T, Path extends string, Whole extends string> =
  T extends NoSuch<string>
    ? NoSuch<Whole>
    : Path extends `${infer Field}.${infer Rest}`
      ? Within<FieldType<T, Field, Whole>, Rest, Whole>
      : FieldType<T, Path, Whole>;

type FieldType<T, Field extends string, Whole extends string> = Field extends keyof T
  ? T[Field]
  : Field extends `${infer Name}[${number}]`
    ? Name extends keyof T
      ? ItemOf<T[Name]>
      : NoSuch<Whole>
    : NoSuch<Whole>;

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : List;
