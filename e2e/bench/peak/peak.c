// What native code does with 128-bit fused multiply-add: the same twelve chains as assembly/peak.ts. Prints GFLOP/s for f32 and f64.
#include <immintrin.h>
#include <stdio.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

#define CHAINS 12
#define MEASURE(vector, set1, fmadd, store, number, lanes)                                                            \
  {                                                                                                                   \
    vector a = set1(0.999), b = set1(0.001), x[CHAINS];                                                               \
    number out[lanes];                                                                                                \
    double best = 0;                                                                                                  \
    for (int i = 0; i < CHAINS; i++) x[i] = set1(0.5 + 0.001 * i);                                                    \
    for (int round = 0; round < 20; round++) {                                                                        \
      double began = now();                                                                                           \
      for (long turn = 0; turn < 2000000; turn++)                                                                     \
        _Pragma("GCC unroll 12") for (int i = 0; i < CHAINS; i++) x[i] = fmadd(x[i], a, b);                           \
      double rate = 2e6 * CHAINS * lanes * 2 / (now() - began) / 1e9;                                                 \
      if (rate > best) best = rate;                                                                                   \
    }                                                                                                                 \
    double sum = 0;                                                                                                   \
    for (int i = 0; i < CHAINS; i++) { store(out, x[i]); sum += out[0]; }                                             \
    printf(sum > 0 ? "%.3f " : "0 ", best);                                                                    \
  }

int main(void) {
  MEASURE(__m128, _mm_set1_ps, _mm_fmadd_ps, _mm_storeu_ps, float, 4)
  MEASURE(__m128d, _mm_set1_pd, _mm_fmadd_pd, _mm_storeu_pd, double, 2)
  return 0;
}
