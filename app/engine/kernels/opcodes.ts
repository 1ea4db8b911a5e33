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

export const SELECT = 29;
export const ADD_GATHERED = 30;

export const WEIGHTED_CROSS_ENTROPY = 50;
export const WEIGHTED_ACCURACY = 51;
export const WEIGHTED_SQUARED_ERROR = 52;
export const WEIGHTED_SUM = 53;
export const FILL_ROWS = 54;
export const SPARSE_PRODUCT = 55;
export const SPARSE_TRANSPOSED_PRODUCT = 56;

export const NEAREST_ACCURACY = 60;
export const STANDARDIZE_COLUMNS = 61;
export const FRACTION_BELOW = 62;

export const HALF_LOG_SQUARED_ERROR = 70;
export const ROUNDING_ACCURACY = 71;
export const AFFINE = 72;
export const SCALE_COLUMNS = 73;
export const SCALE_ROWS = 74;
export const SUM_COLUMNS = 75;
export const PAD_COLUMNS = 76;
export const REPEAT_ROW = 77;
export const SWAP_MIDDLE = 78;
export const SOFTMAX = 79;
export const SOFTMAX_GRADIENT = 80;
export const NORMALIZE_ROWS = 81;
export const NORMALIZE_GRADIENT = 82;
export const BATCHED_GEMM = 83;
export const TOP_K = 84;
export const RESCALE = 85;
export const CLIP = 86;
export const BLEND_AVERAGE = 87;
export const PERPENDICULAR = 88;
export const LOOKUP = 89;
export const STABLE_MAX_CROSS_ENTROPY = 90;
