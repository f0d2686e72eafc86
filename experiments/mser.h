/* mser.h - MSER-5: where the warm-up of a steady run ends.
 *
 * The Marginal Standard Error Rule looks for the cut after which the mean of
 * the rest would be known best: over the means z of five observations each,
 *
 *   MSER(d) = sum over j > d of (z_j - mean of those)^2 / (k - d)^2
 *
 * is least.  K. P. White, "An effective truncation heuristic for bias reduction
 * in simulation output", Simulation 69(6), 1997; means of five: S. C. Spratt,
 * "Heuristics for the startup problem", University of Virginia, 1998; compared
 * with others in White, Cobb and Spratt, WSC 2000, p. 755.
 *
 * A least value in the second half means that the run is too short to tell. */
#ifndef FIRSTBYTE_EXPERIMENTS_MSER_H
#define FIRSTBYTE_EXPERIMENTS_MSER_H

#include <stdbool.h>
#include <stddef.h>

enum { MSER_MEAN_OF = 5, MSER_LEAST = 50 /* observations */ };

/* *CUT: how many of the N observations at VALUES, in the order of the run, are
 * warm-up, a multiple of five.  False, *CUT then half of them, when that cannot
 * be told: fewer than MSER_LEAST, or the least value is in the second half. */
bool mser5(const double *values, size_t n, size_t *cut);

#endif
