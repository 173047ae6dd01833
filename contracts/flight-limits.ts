/** Images per page: one artifact, one child workflow. A history stays small whatever the size of a flight. */
export const PAGE_SIZE = 500;

/** Images in one flight, so that the list of its pages stays far below the size limit of a payload. */
export const MAX_FLIGHT_IMAGES = 100_000;
