/** A failure that no retry can mend. */
export class PermanentTaskFailure extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}
