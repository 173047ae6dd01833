/** The bad images by their number: a broken transfer, a shaken shot, and a file copied twice. */
export const FLAWS = new Map([
    [13, 'truncated'],
    [22, 'blurred'],
    [31, 'copy'],
]);
/** Standard deviation of the blur, in pixels: far more than sharpening could bring back. */
export const BLUR_SIGMA = 6;
/** Marks the bad images; a copy takes over everything but the name from the image before it. */
export function markFlaws(shots) {
    return shots.map((shot, index) => {
        const flaw = FLAWS.get(index + 1);
        if (flaw === undefined)
            return shot;
        return flaw === 'copy' ? { ...shots[index - 1], name: shot.name, flaw } : { ...shot, flaw };
    });
}
//# sourceMappingURL=flaws.js.map