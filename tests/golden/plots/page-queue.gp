# page-queue.gp - drawn by firstbyte; run it again with: gnuplot page-queue.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'page-queue.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'A page over a line that loses' at screen 0.02, screen 0.9516 left font ',17'
set label 3 '4 replications, seed 3; bands: 95 % interval of the mean at each moment by Student''s t over replications' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.8750
set tmargin at screen 0.9032
set bmargin at screen 0.1435
set key at screen 0.8750, graph 1 left top Left reverse samplen 2.6 spacing 1.25
set xlabel 'time (ms)'
set ylabel 'link.queue.packets(isp -> home) (packets)'
set xrange [0:20]
set yrange [0:1]
# time mean low high
$runs0 << EOD
0 0 0 0
10 0 0 0
EOD
plot \
  $runs0 using 1:3:4 with filledcurves lc rgb '#0072B2' fs transparent solid 0.2 noborder notitle, \
  $runs0 using 1:2 with lines lc rgb '#0072B2' lw 1.5 dt 1 title 'mean'
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'page-queue.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'page-queue.pdf'
replot
unset output
