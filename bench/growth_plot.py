"""Draws how time grows with the size of the input: an SVG with logarithmic axes, and the line of proportion."""

import math

WIDTH, HEIGHT, MARGIN = 560, 400, 60


def growth_svg(points, slope):
    """`points` are (bytes, seconds, ...)."""
    low_x, high_x = (math.floor(math.log10(points[0][0])), math.ceil(math.log10(points[-1][0])))
    low_y = math.floor(math.log10(min(p[1] for p in points)))
    high_y = math.ceil(math.log10(max(p[1] for p in points)))

    def x(value):
        return MARGIN + (math.log10(value) - low_x) / max(high_x - low_x, 1) * (WIDTH - 2 * MARGIN)

    def y(value):
        return HEIGHT - MARGIN - (math.log10(value) - low_y) / max(high_y - low_y, 1) * (HEIGHT - 2 * MARGIN)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f"<title>Time of fa2 patterns by size of the input; slope {slope:.3f}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(low_x, high_x + 1):
        parts.append(f'<line x1="{x(10**power):.1f}" y1="{MARGIN}" x2="{x(10**power):.1f}" y2="{HEIGHT - MARGIN}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x(10**power):.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{size_name(10**power)}</text>')
    for power in range(low_y, high_y + 1):
        parts.append(f'<line x1="{MARGIN}" y1="{y(10.0**power):.1f}" x2="{WIDTH - MARGIN}" y2="{y(10.0**power):.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{MARGIN - 8}" y="{y(10.0**power) + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    # The line of proportion goes through the geometric mean of all points.
    middle_x = math.exp(sum(math.log(p[0]) for p in points) / len(points))
    middle_y = math.exp(sum(math.log(p[1]) for p in points) / len(points))
    ends = [(p[0], middle_y * p[0] / middle_x) for p in (points[0], points[-1])]
    parts.append(f'<line x1="{x(ends[0][0]):.1f}" y1="{y(ends[0][1]):.1f}" x2="{x(ends[1][0]):.1f}" y2="{y(ends[1][1]):.1f}" '
                 'stroke="#999999" stroke-dasharray="5 4"/>')
    line = " ".join(f"{x(p[0]):.1f},{y(p[1]):.1f}" for p in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>')
    for p in points:
        parts.append(f'<circle cx="{x(p[0]):.1f}" cy="{y(p[1]):.1f}" r="4" fill="#1f5fa8"/>')
        parts.append(f'<text x="{x(p[0]) + 8:.1f}" y="{y(p[1]) + 16:.1f}">{p[1]:.2f} s</text>')
    parts.append(f'<text x="{MARGIN}" y="{MARGIN - 24}">fa2 patterns over mixed logs: measured (slope {slope:.3f}), and in proportion (dashed)</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)


def size_name(size):
    return f"{size / 1e9:g} GB" if size >= 1e9 else f"{size / 1e6:g} MB"
