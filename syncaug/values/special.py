"""The special functions behind the distributions, by published methods, in double precision."""

from __future__ import annotations

import math

__all__ = [
    "beta_quantile",
    "far_tail_quantile",
    "normal_cdf",
    "normal_quantile",
    "truncation_tails",
]

_SQRT_HALF = math.sqrt(0.5)
_FAR_TAIL = 30.0
_SMALLEST = 5e-324
_TINY = 1e-300
_MOST_TERMS = 5_000
_CLOSE = 1e-5
_EPSILON = 2.0**-53
_LAST = 1.0 - _EPSILON

# Coefficients of algorithm AS 241, PPND16, highest power first.
_CENTRE_ABOVE = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_CENTRE_BELOW = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_TAIL_ABOVE = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_TAIL_BELOW = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_FAR_ABOVE = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_FAR_BELOW = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


def normal_cdf(x: float) -> float:
    """The standard normal distribution function, accurate relative to itself in the lower tail."""
    return 0.5 * math.erfc(-x * _SQRT_HALF)


def normal_quantile(lower: float, upper: float) -> float:
    """The standard normal quantile of `lower`, where `upper` = 1 - `lower` without cancellation.

    M. J. Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied
    Statistics 37 (1988) 477-484, PPND16: about 16 figures for 1e-316 < min(lower, upper).
    """
    centred = 0.5 * (lower - upper)
    if -0.425 <= centred <= 0.425:
        r = 0.180625 - centred * centred
        return centred * _polynomial(_CENTRE_ABOVE, r) / _polynomial(_CENTRE_BELOW, r)
    r = math.sqrt(-math.log(max(min(lower, upper), _SMALLEST)))
    if r <= 5.0:
        x = _polynomial(_TAIL_ABOVE, r - 1.6) / _polynomial(_TAIL_BELOW, r - 1.6)
    else:
        x = _polynomial(_FAR_ABOVE, r - 5.0) / _polynomial(_FAR_BELOW, r - 5.0)
    return -x if lower < upper else x


def truncation_tails(low: float, high: float) -> tuple[float, float, float, float] | None:
    """For a standard normal cut to [low, high]: cdf(low), cdf(high), cdf(-low), cdf(-high).

    The u-quantile of the cut normal has the lower tail (1 - u) cdf(low) + u cdf(high) and the upper
    tail (1 - u) cdf(-low) + u cdf(-high): sums of positive terms, so nothing cancels. None where
    the window lies so far out that the tails underflow, which `far_tail_quantile` is for.
    """
    if low > _FAR_TAIL or high < -_FAR_TAIL:
        return None
    return normal_cdf(low), normal_cdf(high), normal_cdf(-low), normal_cdf(-high)


def far_tail_quantile(u: float, low: float, high: float) -> float:
    """The u-quantile of a standard normal cut to [low, high], for low > 30 or high < -30.

    Newton's method on log(Q(x) / Q(low)) = log(1 - u (1 - Q(high) / Q(low))), where Q is the upper
    tail, log Q(x) = -x^2 / 2 - log(sqrt(2 pi) K(x)), and K is Laplace's continued fraction
    x + 1/(x + 2/(x + 3/(x + ...))), DLMF 7.9.3. The derivative of log Q is -K.
    """
    if high < 0.0:
        return -far_tail_quantile(1.0 - u, -high, -low)

    def log_ratio(x: float) -> float:
        return -0.5 * (x - low) * (x + low) - math.log(_laplace(x) / _laplace(low))

    kept = -math.expm1(log_ratio(high)) if high < math.inf else 1.0
    target = math.log1p(-min(u, _LAST) * kept)
    x = math.sqrt(low * low - 2.0 * target)
    for _ in range(8):
        step = (log_ratio(x) - target) / _laplace(x)
        x += step
        if abs(step) <= _EPSILON * x:
            break
    return x


def _laplace(x: float) -> float:
    value = x
    for k in range(20, 0, -1):
        value = x + k / value
    return value


def beta_quantile(u: float, a: float, b: float) -> float:
    """The x in [0, 1] where the regularised incomplete beta function I_x(a, b) is u.

    Closed forms where a or b is 1; else the half of [0, 1] that holds x is found, and x (or 1 - x)
    solved for there in its logarithm, so that results near 0 keep their relative precision.
    """
    if u <= 0.0 or u >= 1.0:
        return 0.0 if u <= 0.0 else 1.0
    if b == 1.0:
        return math.pow(u, 1.0 / a)
    if a == 1.0:
        return -math.expm1(math.log1p(-u) / b)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    lower, _, _ = _log_tails(0.5, a, b, log_beta)
    if math.log(u) <= lower:
        return _lower_half(u, 1.0 - u, a, b, log_beta)
    return 1.0 - _lower_half(1.0 - u, u, b, a, log_beta)


def _lower_half(lower: float, upper: float, a: float, b: float, log_beta: float) -> float:
    """The x in [0, 1/2] with lower tail `lower` and upper tail `upper`.

    Halley's method in y = log x on the logarithm of the smaller tail, whose first derivative is
    slope = x density / tail, and the second slope (a - (b - 1) x / (1 - x) -+ slope); a bracket
    guards it.
    """
    below, above = math.log(_SMALLEST), math.log(0.5)
    y = _first_guess(lower, upper, a, b, log_beta)
    if y <= below:
        return 0.0
    y = min(y, above)
    for _ in range(100):
        x = math.exp(y)
        log_lower, log_upper, log_density = _log_tails(x, a, b, log_beta)
        if lower <= upper:
            excess = log_lower - math.log(lower)
            slope = math.exp(log_density - log_lower)
            bend = -slope
        else:
            excess = math.log(upper) - log_upper
            slope = math.exp(log_density - log_upper)
            bend = slope
        if excess < 0.0:
            below = y
        else:
            above = y
        bend += a - (b - 1.0) * x / (1.0 - x)
        newton = excess / slope if slope > 0.0 else math.inf
        curvature = newton * bend
        following = y - newton / max(0.5, 1.0 - 0.5 * curvature)
        # The method is cubic: an error below 1e-5 of the scale is below 1e-15 after the step.
        if abs(newton) * (1.0 + slope) + abs(curvature) <= _CLOSE:
            return math.exp(following)
        y = following if below < following < above else 0.5 * (below + above)
    return math.exp(y)


def _first_guess(lower: float, upper: float, a: float, b: float, log_beta: float) -> float:
    """log x to begin with: Abramowitz and Stegun 26.5.22 for a hill, else the leading power."""
    if a > 1.0 and b > 1.0:
        z = normal_quantile(lower, upper)
        p, q = 1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0)
        h = 2.0 / (p + q)
        root = math.sqrt(max(h + (z * z - 3.0) / 6.0, 0.0))
        w = -z * root / h - (q - p) * ((z * z - 3.0) / 6.0 + 5.0 / 6.0 - 2.0 / (3.0 * h))
        if abs(w) < 300.0:
            return -math.log1p(b / a * math.exp(2.0 * w))
    return (math.log(lower) + math.log(a) + log_beta) / a


def _log_tails(x: float, a: float, b: float, log_beta: float) -> tuple[float, float, float]:
    """log I_x(a, b), log(1 - I_x(a, b)) and the log of x times the density, for 0 < x <= 1/2."""
    log_density = a * math.log(x) + (b - 1.0) * math.log1p(-x) - log_beta
    log_power = log_density + math.log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        tail = log_power + math.log(_beta_fraction(x, a, b) / a)
        return tail, _log_rest(tail), log_density
    tail = log_power + math.log(_beta_fraction(1.0 - x, b, a) / b)
    return _log_rest(tail), tail, log_density


def _log_rest(log_tail: float) -> float:
    """log(1 - exp(log_tail)), a tail that rounding took to 1 leaving the least that it can."""
    return math.log(-math.expm1(min(log_tail, -_EPSILON)))


def _beta_fraction(x: float, a: float, b: float) -> float:
    """1 / (1 + d_1 / (1 + d_2 / (1 + ...))) of DLMF 8.17.22, by Lentz's method, DLMF 3.10(iii)."""
    value, c, d = 1.0, 1.0, 0.0
    even = a
    for m in range(_MOST_TERMS):
        term = -(a + m) * (a + b + m) * x / (even * (even + 1.0))
        d = 1.0 / (1.0 + term * d or _TINY)
        c = 1.0 + term / c or _TINY
        value *= c * d
        even += 2.0
        term = (m + 1.0) * (b - m - 1.0) * x / ((even - 1.0) * even)
        d = 1.0 / (1.0 + term * d or _TINY)
        c = 1.0 + term / c or _TINY
        change = c * d
        value *= change
        if abs(change - 1.0) <= 2.0 * _EPSILON:
            break
    return 1.0 / value


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    a, b, c, d, e, f, g, h = coefficients
    return ((((((a * x + b) * x + c) * x + d) * x + e) * x + f) * x + g) * x + h
