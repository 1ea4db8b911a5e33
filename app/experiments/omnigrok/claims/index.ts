import type { OmnigrokClaim } from './evidence.ts';
import { digitsClaims } from './digits.ts';
import { modularAdditionClaims } from './modular-addition.ts';
import { teacherStudentClaims } from './teacher-student.ts';

/** Claims in the order of the paper's figures. */
export const omnigrokClaims: readonly OmnigrokClaim[] = [...teacherStudentClaims, ...digitsClaims, ...modularAdditionClaims];
