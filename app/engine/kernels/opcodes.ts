// Kernel numbers of the tape. Read by TypeScript (lowering) and by AssemblyScript (interpreter), so only plain constants stand here.
// Arguments follow each number in the order of the kernel's function in assembly/.

export const GEMM = 1;
export const TRANSPOSE = 2;
export const COPY = 3;
export const COPY_COLUMNS = 4;

export const ADD = 5;
export const SUBTRACT = 6;
export const MULTIPLY = 7;
export const SCALE = 8;
export const SCALE_BY = 9;
export const ADD_BIAS = 10;

export const SUM = 11;
export const SUM_ROWS = 12;
export const FILL = 13;

export const GATHER = 14;
export const SUM_GATHERED = 15;

export const SILU = 16;
export const RELU = 17;
export const TANH = 18;
export const SIGMOID = 19;
export const GELU = 20;

export const SQUARED_ERROR = 21;
export const CROSS_ENTROPY = 22;
export const ACCURACY = 23;
export const SUM_OF_SQUARES = 24;
export const SQUARE_ROOT = 25;

export const ADVANCE = 26;
export const ADAM = 27;
export const SGD = 28;
