import { z } from 'zod';
import { LONGEST_OBJECT_NAME, OBJECT_NAME } from '../domain/text/object-name.ts';
import { COMPONENT_CHOICES } from '../domain/paths/choices.ts';
import { COMPONENTS, NEVER_LEFT, STREAMS } from '../domain/paths/index.ts';
import { isOfPath } from '../domain/paths/permitted-steps.ts';

/** Of 3scale's own. */
export const component = z.string().refine((name) => COMPONENTS.includes(name), {
  error: `is no component; there are ${COMPONENTS.join(', ')}`,
});

/** Beside system-app nothing rolls: it would run the new version while that migrates the database. */
export const beside = component.refine((name) => !NEVER_LEFT.includes(name), {
  error: `cannot be ${NEVER_LEFT.join(' or ')}: that rolls alone, as it migrates the database; what runs its image rolls beside system-sidekiq`,
});

const choice = z.enum(COMPONENT_CHOICES, {
  error:
    'must be follow (its image trigger is led to the new version) or leave (it goes on running what it runs)',
});

/** Of a component whose image comes from elsewhere. */
export const components = z.record(component, choice).superRefine((chosen, context) => {
  for (const name of NEVER_LEFT.filter((one) => chosen[one] === 'leave'))
    context.addIssue({
      code: 'custom',
      path: [name],
      message: 'cannot be left: it migrates the database of the others',
    });
});

/** Of what is none of 3scale's own. */
export const ownName = z
  .string()
  .max(LONGEST_OBJECT_NAME, { error: `is longer than ${LONGEST_OBJECT_NAME} characters` })
  .regex(OBJECT_NAME, { error: 'is no name of a DeploymentConfig, as in second-gateway' })
  .refine((name) => !isOfPath(name), {
    error: 'is one of 3scale’s own, which is upgraded anyway',
  });

/** The owner's own DeploymentConfigs, each with the component beside which it rolls. */
export const takeAlong = z.record(ownName, beside);

/** One that the path tags. */
export const stream = z.enum(STREAMS, {
  error: `is no image stream of the path; there are ${STREAMS.join(', ')}`,
});

/** Image streams whose `latest` is replaced whatever image it has. */
export const replaceLatest = z.array(stream);
