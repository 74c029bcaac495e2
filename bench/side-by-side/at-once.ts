/** Tenants at once. This tool's and the floor's are bounded by the cluster; a script's and Ansible's by what their processes take. */
export const AT_ONCE = { this: 40, floor: 40, kubectl: 8, ansible: 8 } as const;
