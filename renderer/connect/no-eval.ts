import { z } from 'zod';

// zod probes `new Function` when the first schema is made; the content security policy would report that as a violation.
z.config({ jitless: true });
