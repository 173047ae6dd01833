import type { Finding, FindingCode } from '../../contracts/findings.ts';

/** An error of one image. */
export function imageError(
  code: FindingCode,
  subject: string,
  message: string,
  values: Finding['values'] = {},
): Finding {
  return { code, severity: 'error', scope: 'image', subject, message, values };
}

/** Something about one image that a person should know, and that does not take it out. */
export function imageWarning(
  code: FindingCode,
  subject: string,
  message: string,
  values: Finding['values'] = {},
): Finding {
  return { code, severity: 'warning', scope: 'image', subject, message, values };
}

/** The image was in work at two deaths of its worker, so it is not given a third. */
export function poisonedImage(name: string): Finding {
  return imageError(
    'POISONED',
    name,
    `Image "${name}" was left out as its worker died twice while it was in work: check it alone, and leave it out if that fails, too`,
  );
}

/** Brown's model does not hold for such a lens, so that nothing is worked out on the ground. */
export function lensFinding(name: string): Finding {
  const message = `The geometry of image "${name}" is not computed as its lens is a fisheye, which follows another law than frame cameras: rectify the images, or do without their geometry`;
  return imageWarning('LENS_UNSUPPORTED', name, message);
}

/** An error of the control: it cannot be used as it stands. */
export function controlError(
  code: FindingCode,
  subject: string,
  message: string,
  values: Finding['values'] = {},
): Finding {
  return { code, severity: 'error', scope: 'control', subject, message, values };
}

/** Something about the control that a person should know. */
export function controlWarning(
  code: FindingCode,
  subject: string,
  message: string,
  values: Finding['values'] = {},
): Finding {
  return { code, severity: 'warning', scope: 'control', subject, message, values };
}
