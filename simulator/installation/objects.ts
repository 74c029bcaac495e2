import { apicast } from './components/apicast.ts';
import { backend } from './components/backend.ts';
import { system } from './components/system.ts';
import { zync } from './components/zync.ts';
import type { Context } from './component.ts';
import { configMaps, secrets, volumeClaims } from './configuration.ts';
import { deploymentConfig } from './deployment-config.ts';
import type { Manifest } from './manifest.ts';
import { routes, services } from './network.ts';
import { imageStreams } from './streams.ts';

/** Every object of a 3scale installation, in an order in which they can be created. */
export function installationObjects(context: Context): Manifest[] {
  const { parameters } = context;
  const components = [...apicast(context), ...backend(context), ...system(context), ...zync()];
  return [
    ...configMaps(parameters),
    ...secrets(parameters),
    ...volumeClaims(parameters),
    ...services(parameters),
    ...routes(parameters),
    ...imageStreams(context),
    ...components.map((component) => deploymentConfig(component, context)),
  ];
}
