import type { UpgradePath } from '../upgrade-path.ts';
import { DEVIATIONS } from './deviations.ts';
import { IMAGE_OF, IMAGES } from './images.ts';
import { COMPONENTS, STREAMS, stepsFrom23To24, VENDORS_CONTAINERS } from './steps.ts';

/** 3scale 2.3 → 2.4, as the first edition of the vendor's guide has it. docs/corrections.md lists what is done otherwise, and why. */
export const from23To24: UpgradePath = {
  from: '2.3',
  to: '2.4',
  guide:
    'Red Hat 3scale API Management 2.4, Infrastructure, “3scale API Management 2.3 to 2.4 Upgrade Guide”',
  deviations: DEVIATIONS,
  anchor: 'system-app',
  evidence: { variable: 'AMP_RELEASE', containers: VENDORS_CONTAINERS['system-app'] },
  options: ['impersonation', 'releaseEverywhere', 'takeAlong'],
  images: IMAGES,
  imageOf: IMAGE_OF,
  components: COMPONENTS,
  neverLeft: ['system-app'],
  streams: STREAMS,
  steps: stepsFrom23To24,
};
