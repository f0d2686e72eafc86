# band.gp - drawn by firstbyte; run it again with: gnuplot band.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'band.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'It''s a "test" of `plots`, $HOME and \n: 5 % {/Bold x}_y @z' at screen 0.02, screen 0.9516 left font ',17'
set label 2 'Whether what is drawn is what was measured, and whether a question that is longer than a line of the picture is broken'."\n".'where there is room for it?' at screen 0.02, screen 0.9065 left textcolor rgb '#555555'
set label 3 '4 to 6 replications a point, seed 1; bands: quantiles of the pooled samples' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.7344
set tmargin at screen 0.8419
set bmargin at screen 0.1435
set key at screen 0.7344, graph 1 left top Left reverse samplen 2.6 spacing 1.25
set key title 'tcp.profile' left
set xlabel 'link client -- web.loss (%)'
set ylabel 'tcp.handshake.latency (ms)'
set xrange [-0.6:20.6]
set logscale y
set mytics 10
set yrange [13.3333:5162.35]
set ytics (20, 50, 100, 200, 500, 1000, 2000, 5000)
# x 5 % 25 % median 75 % 95 %
$runs0 << EOD
0 20 20 20 20 20
5 20.054016 20.054016 20.054016 20.054016 1035.99309
20 20.054016 20.054016 20.054016 1027.60448 2055.20896
EOD
# x 5 % 25 % median 75 % 95 %
$runs1 << EOD
0 20 20 20 20 20
5 20.054016 20.054016 20.054016 20.054016 1019.21587
20 20.054016 20.054016 20.054016 1019.21587 3036.6761
EOD
plot \
  $runs0 using 1:2:6 with filledcurves lc rgb '#0072B2' fs transparent solid 0.15 noborder title 'linux: 5 % to 95 %', \
  $runs0 using 1:2 with lines lc rgb '#0072B2' lw 1.2 dt 1 notitle, \
  $runs0 using 1:6 with lines lc rgb '#0072B2' lw 1.2 dt 1 notitle, \
  $runs0 using 1:3:5 with filledcurves lc rgb '#0072B2' fs transparent solid 0.30 noborder title 'linux: 25 % to 75 %', \
  $runs0 using 1:3 with lines lc rgb '#0072B2' lw 1.2 dt 1 notitle, \
  $runs0 using 1:5 with lines lc rgb '#0072B2' lw 1.2 dt 1 notitle, \
  $runs0 using 1:4 with linespoints lc rgb '#0072B2' lw 2 dt 1 pt 7 ps 0.9 title 'linux: median', \
  $runs1 using 1:2:6 with filledcurves lc rgb '#D55E00' fs transparent solid 0.15 noborder title 'rfc: 5 % to 95 %', \
  $runs1 using 1:2 with lines lc rgb '#D55E00' lw 1.2 dt '- ' notitle, \
  $runs1 using 1:6 with lines lc rgb '#D55E00' lw 1.2 dt '- ' notitle, \
  $runs1 using 1:3:5 with filledcurves lc rgb '#D55E00' fs transparent solid 0.30 noborder title 'rfc: 25 % to 75 %', \
  $runs1 using 1:3 with lines lc rgb '#D55E00' lw 1.2 dt '- ' notitle, \
  $runs1 using 1:5 with lines lc rgb '#D55E00' lw 1.2 dt '- ' notitle, \
  $runs1 using 1:4 with linespoints lc rgb '#D55E00' lw 2 dt '- ' pt 5 ps 0.9 title 'rfc: median'
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'band.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'band.pdf'
replot
unset output
