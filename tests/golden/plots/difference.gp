# difference.gp - drawn by firstbyte; run it again with: gnuplot difference.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'difference.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'It''s a "test" of `plots`, $HOME and \n: 5 % {/Bold x}_y @z' at screen 0.02, screen 0.9516 left font ',17'
set label 2 'Whether what is drawn is what was measured, and whether a question that is longer than a line of the picture is broken'."\n".'where there is room for it?' at screen 0.02, screen 0.9065 left textcolor rgb '#555555'
set label 3 '4 to 6 replications a point, seed 1; difference to where tcp.profile is linux; bars: 95 % interval by paired t over replications' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.7906
set tmargin at screen 0.8419
set bmargin at screen 0.1435
set key at screen 0.7906, graph 1 left top Left reverse samplen 2.6 spacing 1.25
set key title 'tcp.profile' left
set xlabel 'link client -- web.loss (%)'
set ylabel 'difference in mean of tcp.handshake.latency (ms)'
set xrange [-0.6:20.6]
set yrange [-3.01828:229.806]
set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead lc rgb '#555555' lw 1
# linux
# x mean low high converged
$runs0 << EOD
0 0 NaN NaN 1
5 0 NaN NaN 0
20 0 NaN NaN 0
EOD
# rfc
# x mean low high converged
$runs1 << EOD
0 0 0 0 1
5 11.6822241 -2.79470759 26.1591558 0
20 153.591013 94.3987336 212.783293 0
EOD
plot \
  keyentry with linespoints lc rgb '#0072B2' lw 1.5 dt 1 pt 7 ps 0.9 title 'linux', \
  $runs0 using 1:2 with linespoints lc rgb '#0072B2' lw 1.5 dt 1 pt 7 ps 0.9 notitle, \
  $runs1 using 1:2:3:4 with yerrorbars lc rgb '#D55E00' lw 1.5 pt 0 notitle, \
  keyentry with linespoints lc rgb '#D55E00' lw 1.5 dt '- ' pt 5 ps 0.9 title 'rfc', \
  $runs1 using 1:2 with linespoints lc rgb '#D55E00' lw 1.5 dt '- ' pt 5 ps 0.9 notitle, \
  $runs0 using 1:($5 == 1 ? NaN : $2) with points lc rgb '#000000' lw 1.5 pt 6 ps 2 title 'not converged', \
  $runs1 using 1:($5 == 1 ? NaN : $2) with points lc rgb '#000000' lw 1.5 pt 6 ps 2 notitle
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'difference.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'difference.pdf'
replot
unset output
