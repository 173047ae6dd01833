// `@temporalio/common` takes its `Duration` type from `ms`, whose export map hides the types: without
// this declaration every timeout becomes `any`, and a misspelled duration compiles.
declare module 'ms' {
  export type StringValue =
    | `${number}`
    | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`
    | `${number} ${'ms' | 'millisecond' | 'milliseconds' | 's' | 'second' | 'seconds' | 'm' | 'minute' | 'minutes' | 'h' | 'hour' | 'hours' | 'd' | 'day' | 'days'}`;
}
