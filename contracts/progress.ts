/** What the query `progress` of every workflow answers. */
export interface Progress {
  stage: string;
  done: number;
  total: number;
  /** One line for people, such as `37 of 40 images examined`. */
  words: string;
  /** The child that does the work at present; ask it for finer figures. */
  child?: string;
}

export const progressQuery = 'progress';
