/*
 * Gradients as an expert writes them in C, timed in here: the same algorithms as those of bench/hand.
 *
 * peers <problem> <rounds> <milliseconds> <size>... reads arrays of these sizes as doubles, one after another; prints the value, the gradient,
 * and for each round the fastest and the median batch in nanoseconds a call.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_ARRAYS 5
#define MOST_BATCHES 4096

typedef struct {
  double *data;
  int size;
} array;

/* Writes the gradients by the first arguments into `out`, and gives the value. */
typedef double gradient(array *out, const array *in);

static double rosenbrock(array *out, const array *in) {
  const double *x = in[0].data;
  double *restrict x_bar = out[0].data;
  const int n = in[0].size;
  double sum = 0, carried = 0;
  for (int i = 0; i + 1 < n; i++) {
    const double a = 1 - x[i], b = x[i + 1] - x[i] * x[i], b_bar = 200 * b;
    sum += a * a + 100 * b * b;
    x_bar[i] = carried - 2 * (x[i] * b_bar + a);
    carried = b_bar;
  }
  if (n > 0) x_bar[n - 1] = carried;
  return sum;
}

/* Leaves the softmax in `share`. */
static double log_sum_exp(double *restrict share, const double *x, int n) {
  double max = -INFINITY, sum = 0;
  for (int i = 0; i < n; i++)
    if (x[i] > max) max = x[i];
  for (int i = 0; i < n; i++) sum += share[i] = exp(x[i] - max);
  const double scale = 1 / sum;
  for (int i = 0; i < n; i++) share[i] *= scale;
  return max + log(sum);
}

static double log_sum_exp_of_all(array *out, const array *in) { return log_sum_exp(out[0].data, in[0].data, in[0].size); }

static double least_squares(array *out, const array *in) {
  static double powers[1024];
  const double *x = in[0].data;
  double *restrict x_bar = out[0].data;
  const int m = in[0].size, n = (int)in[1].data[0];
  double sum = 0;
  memset(x_bar, 0, sizeof(double) * m);
  for (int i = 0; i < n; i++) {
    const double t = -1 + (2.0 * i) / (n - 1);
    double residual = (t > 0) - (t < 0), power = 1;
    for (int j = 0; j < m; j++) {
      residual -= x[j] * power;
      powers[j] = power;
      power *= t;
    }
    sum += residual * residual;
    for (int j = 0; j < m; j++) x_bar[j] -= residual * powers[j];
  }
  return 0.5 * sum;
}

static double mixture(array *out, const array *in) {
  static double diagonals[1024], offsets[64], terms[64], shares[64], centred[1024], stretched[1024], centred_bar[64];
  const double *logits = in[0].data, *means = in[1].data, *log_diagonals = in[2].data, *lowers = in[3].data, *points = in[4].data;
  double *restrict logits_bar = out[0].data, *restrict means_bar = out[1].data, *restrict log_diagonals_bar = out[2].data,
                   *restrict lowers_bar = out[3].data;
  const int components = in[0].size, d = in[1].size / components, size = in[3].size / components, count = in[4].size / d;
  for (int k = 0; k < components; k++) {
    offsets[k] = logits[k];
    for (int j = k * d; j < (k + 1) * d; j++) {
      offsets[k] += log_diagonals[j];
      diagonals[j] = exp(log_diagonals[j]);
    }
  }
  for (int argument = 0; argument < 4; argument++) memset(out[argument].data, 0, sizeof(double) * in[argument].size);
  double total = 0;
  for (int i = 0; i < count; i++) {
    for (int k = 0; k < components; k++) {
      double *c = centred + k * d, distance = 0;
      const double *entry = lowers + k * size;
      for (int j = 0; j < d; j++) c[j] = points[i * d + j] - means[k * d + j];
      for (int row = 0; row < d; row++) {
        double q = diagonals[k * d + row] * c[row];
        for (int column = 0; column < row; column++) q += *entry++ * c[column];
        stretched[k * d + row] = q;
        distance += q * q;
      }
      terms[k] = offsets[k] - 0.5 * distance;
    }
    total += log_sum_exp(shares, terms, components);
    for (int k = 0; k < components; k++) {
      const double *c = centred + k * d;
      int entry = k * size;
      logits_bar[k] += shares[k];
      for (int j = 0; j < d; j++) centred_bar[j] = 0;
      for (int row = 0; row < d; row++) {
        const double q_bar = -shares[k] * stretched[k * d + row];
        log_diagonals_bar[k * d + row] += q_bar * c[row];
        for (int column = 0; column < row; column++, entry++) {
          lowers_bar[entry] += q_bar * c[column];
          centred_bar[column] += q_bar * lowers[entry];
        }
        centred_bar[row] += q_bar * diagonals[k * d + row];
      }
      for (int j = 0; j < d; j++) means_bar[k * d + j] -= centred_bar[j];
    }
  }
  total -= count * log_sum_exp(shares, logits, components);
  for (int k = 0; k < components; k++) {
    for (int j = k * d; j < (k + 1) * d; j++) log_diagonals_bar[j] = log_diagonals_bar[j] * diagonals[j] + logits_bar[k];
    logits_bar[k] -= count * shares[k];
  }
  return total;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e9 * time.tv_sec + time.tv_nsec;
}

/* Nanoseconds for so many calls. Nothing of a call may be kept for the next. */
static double batch(gradient *volatile f, array *out, const array *in, int repetitions) {
  const double start = now();
  for (int i = 0; i < repetitions; i++) {
    f(out, in);
    __asm__ volatile("" ::: "memory");
  }
  return now() - start;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void measure(gradient *f, array *out, const array *in, double milliseconds) {
  static double times[MOST_BATCHES];
  int repetitions = 1, count = 0;
  /* A batch takes at least 100 microseconds. */
  while (batch(f, out, in, repetitions) < 1e5) repetitions *= 2;
  for (const double end = now() + 1e6 * milliseconds; count < 10 || (now() < end && count < MOST_BATCHES);)
    times[count++] = batch(f, out, in, repetitions) / repetitions;
  qsort(times, count, sizeof(double), ascending);
  printf("%.17g %.17g\n", times[0], times[count / 2]);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    gradient *f;
    int active;
  } problems[] = {{"rosenbrock", rosenbrock, 1}, {"log-sum-exp", log_sum_exp_of_all, 1}, {"llsq", least_squares, 1}, {"mixture", mixture, 4}};
  array in[MOST_ARRAYS], out[MOST_ARRAYS];
  if (argc < 5 || argc - 4 > MOST_ARRAYS) return 2;
  for (int i = 0; i < argc - 4; i++) {
    const int size = in[i].size = out[i].size = atoi(argv[i + 4]);
    in[i].data = malloc(sizeof(double) * size);
    out[i].data = malloc(sizeof(double) * size);
    if (fread(in[i].data, sizeof(double), size, stdin) != (size_t)size) return 3;
  }
  for (size_t p = 0; p < sizeof problems / sizeof problems[0]; p++) {
    if (strcmp(problems[p].name, argv[1]) != 0) continue;
    printf("%.17g\n", problems[p].f(out, in));
    for (int argument = 0; argument < problems[p].active; argument++)
      for (int i = 0; i < in[argument].size; i++) printf("%.17g ", out[argument].data[i]);
    printf("\n");
    for (int round = 0; round < atoi(argv[2]); round++) measure(problems[p].f, out, in, atof(argv[3]));
    return 0;
  }
  return 4;
}
